/** The few strokes that the plots are made of, as SVG that any page and any printer shows. */

export interface Stroke {
  fill?: string;
  stroke?: string;
  width?: number;
  opacity?: number;
}

export function picture(width: number, height: number, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

export function words(
  x: number,
  y: number,
  text: string,
  how: { anchor?: 'start' | 'middle' | 'end'; size?: number; fill?: string; bold?: boolean } = {},
): string {
  const { anchor = 'start', size = 12, fill = '#222', bold = false } = how;
  const weight = bold ? ' font-weight="600"' : '';
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" font-size="${size}" fill="${fill}"${weight}>${escaped(text)}</text>`;
}

export function bar(x: number, y: number, width: number, height: number, how: Stroke = {}): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(Math.max(width, 0.5))}" height="${height}"${styled(how)}/>`;
}

export function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  how: Stroke = { stroke: '#ddd' },
): string {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"${styled(how)}/>`;
}

export function dot(x: number, y: number, radius: number, how: Stroke = {}): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${radius}"${styled(how)}/>`;
}

function styled({ fill, stroke, width, opacity }: Stroke): string {
  return [
    fill === undefined ? '' : ` fill="${fill}"`,
    stroke === undefined ? '' : ` stroke="${stroke}"`,
    width === undefined ? '' : ` stroke-width="${width}"`,
    opacity === undefined ? '' : ` opacity="${opacity}"`,
  ].join('');
}

const round = (value: number) => Math.round(value * 10) / 10;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
