/** Small pictures of figures, as SVG that can be read on light and dark pages. No scripts, no fonts of its own. */

const width = 720;
const barHeight = 22;
const gap = 8;
const labelWidth = 210;
const valueWidth = 110;
const style = `<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600 } .bar { fill: #8c959f } .own { fill: #0969da } .axis { stroke: #8c959f; fill: none }
.line { stroke: #0969da; stroke-width: 2; fill: none } .other { stroke: #bf3989 } .dot { fill: #0969da } .other-dot { fill: #bf3989 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .own, .dot { fill: #4493f8 } .line { stroke: #4493f8 } .other { stroke: #db61a2 } .other-dot { fill: #db61a2 } }
</style>`;

export interface Bar {
  label: string;
  value: number;
  /** As it is to be read. */
  text: string;
  isOwn: boolean;
}

/** Bars from zero on, the first on top. */
export function barsOf(title: string, bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value), 0);
  const room = width - labelWidth - valueWidth;
  const rows = bars.map(({ label, value, text, isOwn }, index) => {
    const y = 36 + index * (barHeight + gap);
    const length = most > 0 ? Math.max(1, (value / most) * room) : 1;
    return [
      `<text x="${labelWidth - 10}" y="${y + 16}" text-anchor="end">${escaped(label)}</text>`,
      `<rect class="${isOwn ? 'own' : 'bar'}" x="${labelWidth}" y="${y}" width="${round(length)}" height="${barHeight}" rx="3"/>`,
      `<text x="${round(labelWidth + length + 8)}" y="${y + 16}">${escaped(text)}</text>`,
    ].join('');
  });
  return picture(title, 40 + bars.length * (barHeight + gap), rows.join('\n'));
}

export interface Line {
  label: string;
  points: readonly { size: number; cost: number }[];
}

/** Costs over sizes; the sizes on a scale of powers, the costs from zero on. */
export function linesOf(title: string, lines: readonly Line[]): string {
  const sizes = [...new Set(lines.flatMap(({ points }) => points.map(({ size }) => size)))].toSorted(
    (a, b) => a - b,
  );
  const most = Math.max(...lines.flatMap(({ points }) => points.map(({ cost }) => cost)), 0) * 1.15 || 1;
  const [left, right, top, bottom] = [60, width - 200, 40, 260];
  const first = Math.log(sizes[0] ?? 1);
  const span = Math.log(sizes.at(-1) ?? 1) - first || 1;
  const x = (size: number) => round(left + ((Math.log(size) - first) / span) * (right - left));
  const y = (cost: number) => round(bottom - (cost / most) * (bottom - top));
  const drawn = lines.map(({ label, points }, index) => {
    const place = points.map(({ size, cost }) => `${x(size)},${y(cost)}`).join(' ');
    const dots = points.map(
      ({ size, cost }) =>
        `<circle class="${index > 0 ? 'other-dot' : 'dot'}" cx="${x(size)}" cy="${y(cost)}" r="4"/>`,
    );
    const end = points.at(-1);
    const name = end ? `<text x="${right + 12}" y="${y(end.cost) + 4}">${escaped(label)}</text>` : '';
    return `<polyline class="line ${index > 0 ? 'other' : ''}" points="${place}"/>${dots.join('')}${name}`;
  });
  const axes = [
    `<path class="axis" d="M${left} ${top}V${bottom}H${right}"/>`,
    ...sizes.map(
      (size) =>
        `<text x="${x(size)}" y="${bottom + 20}" text-anchor="middle">${size.toLocaleString('en')}</text>`,
    ),
    `<text x="${left - 8}" y="${bottom + 4}" text-anchor="end">0</text>`,
    `<text x="${left - 8}" y="${top + 4}" text-anchor="end">${round(most)}</text>`,
  ];
  return picture(title, 300, [...axes, ...drawn].join('\n'));
}

function picture(title: string, height: number, content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">
${style}
<text class="title" x="10" y="20">${escaped(title)}</text>
${content}
</svg>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
