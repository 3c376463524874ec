import { crc32, deflateRawSync } from 'node:zlib';

type Cell = string | number;

const spreadsheet = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packageRelationships = 'http://schemas.openxmlformats.org/package/2006/relationships';
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** A workbook of one sheet (ECMA-376, SpreadsheetML): rows of texts and numbers. */
export function workbook(sheet: string, rows: readonly (readonly Cell[])[]): Buffer {
	const officeType = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
	return zip([
		[
			'[Content_Types].xml',
			`${head}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
				'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
				`<Override PartName="/xl/workbook.xml" ContentType="${officeType}.sheet.main+xml"/>` +
				`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${officeType}.worksheet+xml"/></Types>`
		],
		['_rels/.rels', relationTo('officeDocument', 'xl/workbook.xml')],
		[
			'xl/workbook.xml',
			`${head}<workbook xmlns="${spreadsheet}" xmlns:r="${relationships}"><sheets>` +
				`<sheet name="${escaped(sheet)}" sheetId="1" r:id="rId1"/></sheets></workbook>`
		],
		['xl/_rels/workbook.xml.rels', relationTo('worksheet', 'worksheets/sheet1.xml')],
		[
			'xl/worksheets/sheet1.xml',
			`${head}<worksheet xmlns="${spreadsheet}"><sheetData>${rows.map(rowOf).join('')}</sheetData></worksheet>`
		]
	]);
}

function relationTo(type: string, target: string): string {
	return (
		`${head}<Relationships xmlns="${packageRelationships}">` +
		`<Relationship Id="rId1" Type="${relationships}/${type}" Target="${target}"/></Relationships>`
	);
}

function rowOf(cells: readonly Cell[], index: number): string {
	const written = cells.map((cell, column) => {
		const place = `${String.fromCharCode(65 + column)}${index + 1}`;
		if (typeof cell === 'number') return `<c r="${place}"><v>${cell}</v></c>`;
		return `<c r="${place}" t="inlineStr"><is><t>${escaped(cell)}</t></is></c>`;
	});
	return `<row r="${index + 1}">${written.join('')}</row>`;
}

function escaped(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** 1 January 1980, the first day a ZIP archive can name. */
const zipDate = 0x0021;

/** A ZIP archive (APPNOTE.TXT 6.3), deflated. */
function zip(files: readonly (readonly [name: string, text: string])[]): Buffer {
	const local: Buffer[] = [];
	const central: Buffer[] = [];
	let offset = 0;
	for (const [name, text] of files) {
		const content = Buffer.from(text, 'utf8');
		const packed = deflateRawSync(content);
		const nameBytes = Buffer.from(name, 'utf8');
		const common = Buffer.alloc(26);
		common.writeUInt16LE(20, 0);
		common.writeUInt16LE(8, 4);
		common.writeUInt16LE(zipDate, 8);
		common.writeUInt32LE(crc32(content), 10);
		common.writeUInt32LE(packed.length, 14);
		common.writeUInt32LE(content.length, 18);
		common.writeUInt16LE(nameBytes.length, 22);
		const entry = Buffer.concat([signature(0x04034b50), common, nameBytes, packed]);
		const rest = Buffer.alloc(14);
		rest.writeUInt32LE(offset, 10);
		central.push(Buffer.concat([signature(0x02014b50), Buffer.from([20, 0]), common, rest, nameBytes]));
		local.push(entry);
		offset += entry.length;
	}
	const directory = Buffer.concat(central);
	const end = Buffer.alloc(18);
	end.writeUInt16LE(files.length, 4);
	end.writeUInt16LE(files.length, 6);
	end.writeUInt32LE(directory.length, 8);
	end.writeUInt32LE(offset, 12);
	return Buffer.concat([...local, directory, signature(0x06054b50), end]);
}

function signature(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
}
