/** The icons, drawn for this app: 24 px, stroked in the colour of the text around them, never read aloud. */
import { svg, html, type TemplateResult } from 'lit';
import type { MessageState } from '../store/conversations.ts';
import { words } from '../words/words.ts';

const paths = {
  back: svg`<path d="M15 5l-7 7 7 7" />`,
  send: svg`<path d="M4 12l16-8-5 16-3-7z" />`,
  down: svg`<path d="M5 9l7 7 7-7" />`,
  close: svg`<path d="M6 6l12 12M18 6L6 18" />`,
  more: svg`<path d="M12 5v.01M12 12v.01M12 19v.01" />`,
  info: svg`<circle cx="12" cy="12" r="9" /><path d="M12 11v6M12 7.500v.01" />`,
  search: svg`<circle cx="11" cy="11" r="6.500" /><path d="M16 16l4.500 4.500" />`,
  emoji: svg`<circle cx="12" cy="12" r="9" /><path d="M8 14a4.500 4.500 0 0 0 8 0M9 9.500v.01M15 9.500v.01" />`,
  offline: svg`<path d="M3 3l18 18M5 12a10 10 0 0 1 4-2.500M19 12a10 10 0 0 0-5-3M8.500 15.500a5 5 0 0 1 5-1M12 19v.01" />`,
  muted: svg`<path d="M3 3l18 18M9 4.500a6 6 0 0 1 9 5v3l2 4h-6M6 9v3.500l-2 4h10M10 19.500h4" />`,
  queued: svg`<path d="M12 7v5l3 2" /><circle cx="12" cy="12" r="9" />`,
  sent: svg`<path d="M5 13l4 4L19 7" />`,
  double: svg`<path d="M2 13l4 4L15 7M10 15l2 2L22 7" />`,
  failed: svg`<circle cx="12" cy="12" r="9" /><path d="M12 7v6M12 16.500v.01" />`,
};

/** These point along the line, so they turn with the direction of writing. */
const pointing = new Set<keyof typeof paths>(['back', 'send']);

export function icon(name: keyof typeof paths): TemplateResult {
  return html`<svg viewBox="0 0 24 24" aria-hidden="true" class=${pointing.has(name) ? 'mirrored' : ''}>
    ${paths[name]}
  </svg>`;
}

/** How far an own message got; a screen reader says it in words. */
export function stateIcon(state: MessageState): TemplateResult {
  const drawn = state === 'delivered' || state === 'read' ? 'double' : state;
  return html`<span class="state ${state}"
    >${icon(drawn)}<span class="visually-hidden">${words.states[state]}</span></span
  >`;
}
