/** Colours as CSS writes them, and how far they are apart, as WCAG 2.2 measures it. */

/** Light of red, green and blue, from 0 to 1, linear. */
export type Light = readonly [red: number, green: number, blue: number];

/** `#rrggbb`. */
export function lightOfHex(hex: string): Light {
  const [, ...parts] = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex) ?? [];
  if (parts.length !== 3) throw new Error(`${hex} is not written as #rrggbb.`);
  const [red, green, blue] = parts.map((part) => linear(Number.parseInt(part, 16) / 255));
  return [red!, green!, blue!];
}

/** What is outside of sRGB is cut off, as a screen does it. https://bottosson.github.io/posts/oklab/ */
export function lightOfOklch(lightness: number, chroma: number, hueDegrees: number): Light {
  const hue = (hueDegrees / 180) * Math.PI;
  const a = chroma * Math.cos(hue);
  const b = chroma * Math.sin(hue);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const cut = (light: number) => Math.min(1, Math.max(0, light));
  return [
    cut(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    cut(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    cut(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio, from 1 to 21. */
export function contrast(one: Light, other: Light): number {
  const [darker, lighter] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter! + 0.05) / (darker! + 0.05);
}

/** https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance([red, green, blue]: Light): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
