/** The look of the list of people and conversations. */
import { css } from 'lit';

export const peopleListStyles = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    min-block-size: 0;
    background: var(--bg);
  }
  .body {
    grid-row: 3;
    display: grid;
    grid-template: auto minmax(0, 1fr) / minmax(0, 1fr);
    min-block-size: 0;
    padding-block-start: var(--space-1);
  }
  header {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    min-block-size: 56px;
    padding-block-start: env(safe-area-inset-top);
    padding-inline: var(--space-4) var(--space-2);
    --avatar-size: 36px;
  }
  .title {
    flex: 1;
    min-inline-size: 0;
  }
  .title p {
    margin: 0;
    font-size: var(--type-meta);
    line-height: 1.2;
    color: var(--text-2);
  }
  h1 {
    margin: 0;
    letter-spacing: -0.01em;
    font-size: var(--type-title);
    line-height: 1.2;
  }
  .search {
    position: relative;
    /* The bar of the connection may be pressed a little below its edge. */
    padding: 6px var(--space-4) var(--space-2);
  }
  .search svg {
    position: absolute;
    inset: 18px auto auto 28px;
    inline-size: 20px;
    block-size: 20px;
    color: var(--text-2);
    pointer-events: none;
  }
  .search:dir(rtl) svg {
    inset-inline: 28px auto;
  }
  input {
    inline-size: 100%;
    min-block-size: var(--target);
    padding: 0 var(--space-4) 0 40px;
    padding-inline: 40px var(--space-4);
    border: 1px solid transparent;
    border-radius: var(--radius-round);
    appearance: none;
    background: var(--bg-chat);
    color: inherit;
    font: inherit;
  }
  input:placeholder-shown {
    text-overflow: ellipsis;
  }
  input::placeholder {
    color: var(--text-2);
    opacity: 1;
  }
  .list {
    content-visibility: var(--rows, visible);
    overflow-y: auto;
    overscroll-behavior: contain;
    padding-block-end: env(safe-area-inset-bottom);
  }
  /* Laid out and painted only near the screen. */
  li {
    content-visibility: auto;
    contain-intrinsic-size: auto 72px;
  }
  a[aria-current] {
    background: var(--hover);
  }
  @media (hover: hover) {
    a[aria-current]:hover {
      background: color-mix(in srgb, var(--text) 10%, var(--bg));
    }
  }
  .preview svg {
    inline-size: 16px;
    block-size: 16px;
    flex: none;
  }
  .preview .read svg {
    color: var(--accent);
  }
  .preview .failed svg {
    color: var(--error);
  }
  .accent {
    color: var(--accent);
  }
  .end {
    display: grid;
    gap: var(--space-1);
    justify-items: end;
    align-self: start;
    padding-block-start: var(--space-2);
  }
  .muted svg {
    inline-size: 16px;
    block-size: 16px;
    color: var(--text-2);
  }
  .unread .preview {
    color: var(--text);
  }
  .unread time {
    color: var(--accent);
    font-weight: 600;
  }
  .badge {
    min-inline-size: 20px;
    padding: 0 6px;
    border-radius: var(--radius-round);
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    font-size: var(--type-meta);
    line-height: 20px;
    text-align: center;
    background: var(--accent);
    color: var(--on-accent);
  }
  /* What is being read from the device, where that takes a moment. */
  .skeleton {
    animation: appear var(--push) 150ms backwards;
  }
  .skeleton div {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    block-size: 72px;
    padding-inline: var(--space-4);
  }
  .skeleton div::before,
  .skeleton div::after {
    content: '';
    inline-size: 48px;
    block-size: 48px;
    flex: none;
    border-radius: 50%;
    background: var(--line);
  }
  .skeleton div::after {
    inline-size: 60%;
    block-size: 16px;
    border-radius: var(--radius-tail);
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  .empty {
    padding: var(--space-8) var(--space-4);
    text-align: center;
    color: var(--text-2);
  }
  .picture {
    inline-size: 96px;
    block-size: 64px;
    color: var(--accent);
  }
  .address {
    color: var(--text);
    user-select: all;
    overflow-wrap: anywhere;
  }
`;
