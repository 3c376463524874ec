import { crc32, deflateSync } from 'node:zlib';

type Colour = readonly [red: number, green: number, blue: number];

const background: Colour = [255, 255, 255];
const line: Colour = [214, 220, 226];
const barColour: Colour = [31, 111, 139];

/** A bar chart as a PNG (W3C PNG, third edition), 8-bit RGB, without a label. `values` are 0 to 1. */
export function barChart(values: readonly number[], width = 480, height = 240): Buffer {
	const bytesOfRow = 1 + width * 3;
	const pixels = Buffer.alloc(bytesOfRow * height);
	for (let y = 0; y < height; y += 1) {
		for (let x = 0; x < width; x += 1) {
			pixels.set(colourAt(values, x / width, 1 - (y + 1) / height), y * bytesOfRow + 1 + x * 3);
		}
	}
	const header = Buffer.alloc(13);
	header.writeUInt32BE(width, 0);
	header.writeUInt32BE(height, 4);
	header.set([8, 2, 0, 0, 0], 8);
	const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
	return Buffer.concat([
		signature,
		chunk('IHDR', header),
		chunk('IDAT', deflateSync(pixels)),
		chunk('IEND', Buffer.alloc(0))
	]);
}

/** The colour of the chart at a place, both 0 to 1, from the left and from the bottom. */
function colourAt(values: readonly number[], x: number, y: number): Colour {
	const slot = x * values.length;
	const value = values[Math.floor(slot)] ?? 0;
	const isInBar = slot % 1 > 0.2 && slot % 1 < 0.8 && y < value * 0.9 + 0.05;
	if (isInBar) return barColour;
	return (y * 5) % 1 < 0.02 ? line : background;
}

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
	const length = Buffer.alloc(4);
	length.writeUInt32BE(data.length);
	const check = Buffer.alloc(4);
	check.writeUInt32BE(crc32(body));
	return Buffer.concat([length, body, check]);
}
