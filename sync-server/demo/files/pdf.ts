/** A page of a PDF: lines of Latin text from the top, the first one larger. */
type PdfPage = readonly string[];

const pageWidth = 595;
const pageHeight = 842;

/** A small PDF 1.4 (ISO 32000-1) in Helvetica, one stream a page, with its cross-reference table. */
export function pdfOf(pages: readonly PdfPage[]): Buffer {
	const objects = [
		'<< /Type /Catalog /Pages 2 0 R >>',
		`<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, page) => `${4 + 2 * page} 0 R`).join(' ')}] >>`,
		'<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
		...pages.flatMap((lines, page) => {
			const content = contentOf(lines);
			return [
				`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${pageWidth} ${pageHeight}] ` +
					`/Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * page} 0 R >>`,
				`<< /Length ${Buffer.byteLength(content, 'latin1')} >>\nstream\n${content}\nendstream`
			];
		})
	];
	return Buffer.from(withReferences(objects), 'latin1');
}

function contentOf(lines: PdfPage): string {
	const shown = lines.map((line, index) => {
		const size = index === 0 ? 20 : 11;
		const y = pageHeight - 80 - (index === 0 ? 0 : 24 + index * 18);
		return `BT /F1 ${size} Tf 60 ${y} Td (${line.replace(/[\\()]/g, '\\$&')}) Tj ET`;
	});
	return shown.join('\n');
}

function withReferences(objects: readonly string[]): string {
	let text = '%PDF-1.4\n';
	const offsets = objects.map((object, index) => {
		const offset = text.length;
		text += `${index + 1} 0 obj\n${object}\nendobj\n`;
		return offset;
	});
	const start = text.length;
	const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
	return (
		`${text}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}` +
		`trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
	);
}
