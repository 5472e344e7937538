/** What is said of how much of a conversation is on this device, and when that was compared with the server. */
import type { StretchHere } from '../store/stretch.ts';
import { fill, madeOnce, plural, words } from '../words/words.ts';

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

const relative = madeOnce((tag) => new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }));
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
  const { doing, outcome, isOnline } = shown;
  const { about } = words;
  const here = hereText(shown);
  if (doing !== undefined) return fill(about[doing], { here });
  switch (outcome) {
    case 'differs':
      return about.differs;
    case 'failed':
      return words.messenger.unreadable;
    case 'mended':
      return fill(about.mended, { here });
    default:
      // Why it is not compared now, where it was not.
      if (!isOnline) return fill(about.offline, { here });
      return outcome === 'unreachable' ? fill(about.unreachable, { here }) : here;
  }
}

function hereText(shown: StretchShown): string {
  const { stretch, checked } = shown;
  const { about } = words;
  const count = stretch.upTo - stretch.from + 1;
  if (stretch.upTo === 0) return about.nothing;
  const isChecked = checked !== undefined && checked.upTo <= stretch.upTo && checked.upTo >= stretch.from;
  const when = isChecked ? whenText(checked, shown) : '';
  if (isWhole(shown)) return plural(isChecked ? about.allChecked : about.all, count, { when });
  return plural(isChecked ? about.newestChecked : about.newest, stretch.upTo, { here: count, when });
}

/** Checked is what was here then; newer messages came since. */
function whenText(
  { upTo, at }: { upTo: number; at: string },
  { stretch, now }: Pick<StretchShown, 'stretch' | 'now'>,
): string {
  const agoMs = Math.max(0, now.getTime() - Date.parse(at));
  const [unit, unitMs] = units.find(([, ms]) => agoMs >= ms) ?? ['minute', 60_000];
  const when = agoMs < 60_000 ? words.time.justNow : relative().format(-Math.floor(agoMs / unitMs), unit);
  return upTo === stretch.upTo ? when : plural(words.about.upTo, stretch.upTo - upTo, { when });
}
