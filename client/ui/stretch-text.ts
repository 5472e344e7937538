/** What is said of how much of a conversation is on this device, and when that was compared with the server. */
import type { StretchHere } from '../store/stretch.ts';

export interface StretchShown {
  stretch: Pick<StretchHere, 'from' | 'upTo'>;
  /** What was last found to be the server's, and when (ISO 8601). */
  checked: { from: number; upTo: number; at: string } | undefined;
  doing: 'checking' | 'loading' | undefined;
  outcome: 'same' | 'mended' | 'differs' | 'unreachable' | 'failed' | undefined;
  /** The first seq that the server keeps, as far as is known: seqs begin with 1. */
  keptFrom: number;
  isOnline: boolean;
  now: Date;
}

/** Made at each use, and not at the start of the app: see day-and-time.ts. */
const inDigits = (count: number) => count.toLocaleString();
const relative = () => new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** Whether nothing that the server keeps is missing here. */
export function isWhole({ stretch, keptFrom }: Pick<StretchShown, 'stretch' | 'keptFrom'>): boolean {
  return stretch.from <= keptFrom;
}

export function stretchText(shown: StretchShown): string {
  const { doing, outcome } = shown;
  if (doing === 'checking') return `${hereText(shown)} Comparing with the server…`;
  if (doing === 'loading') return `${hereText(shown)} Bringing the rest here…`;
  switch (outcome) {
    case 'differs':
      return 'This device and the server do not have the same messages. They are being compared one by one, and what only this device has is sent again.';
    case 'failed':
      return 'What is kept on this device cannot be read just now. Nothing is lost; reload the page.';
    case 'mended':
      return `Something was not as it is on the server, and was put right. ${hereText(shown)}`;
    default:
      return hereText(shown) + notComparedText(shown);
  }
}

/** Why it is not compared now; nothing where it was. */
function notComparedText({ isOnline, outcome }: StretchShown): string {
  if (!isOnline) return ' They can be compared with the server when you are online.';
  return outcome === 'unreachable' ? ' The server cannot be asked just now.' : '';
}

function hereText(shown: StretchShown): string {
  const { stretch, checked } = shown;
  const count = stretch.upTo - stretch.from + 1;
  if (stretch.upTo === 0) return 'Nothing was said yet.';
  const isChecked = checked !== undefined && checked.upTo <= stretch.upTo && checked.upTo >= stretch.from;
  const when = isChecked ? `, checked ${whenText(checked, shown)}.` : '.';
  if (!isWhole(shown)) {
    return `The newest ${inDigits(count)} of ${inDigits(stretch.upTo)} messages are here${when}`;
  }
  return count === 1 ? `The one message is here${when}` : `All ${inDigits(count)} messages are here${when}`;
}

/** Checked is what was here then; newer messages came since. */
function whenText(
  { upTo, at }: { upTo: number; at: string },
  { stretch, now }: Pick<StretchShown, 'stretch' | 'now'>,
): string {
  const agoMs = Math.max(0, now.getTime() - Date.parse(at));
  const [unit, unitMs] = units.find(([, ms]) => agoMs >= ms) ?? ['minute', 60_000];
  const ago = agoMs < 60_000 ? 'just now' : relative().format(-Math.floor(agoMs / unitMs), unit);
  return upTo === stretch.upTo ? ago : `${ago} up to the ${inDigits(stretch.upTo - upTo)} newest`;
}
