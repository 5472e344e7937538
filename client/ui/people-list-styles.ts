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
    padding-block-start: 4px;
  }
  header {
    display: flex;
    align-items: center;
    gap: 12px;
    min-block-size: 56px;
    padding: env(safe-area-inset-top) 8px 0 16px;
    --avatar-size: 36px;
  }
  .title {
    flex: 1;
    min-inline-size: 0;
  }
  .title p {
    margin: 0;
    font-size: 0.75rem;
    line-height: 1.2;
    color: var(--text-2);
  }
  h1 {
    margin: 0;
    font-size: 1.125rem;
    line-height: 1.2;
  }
  .search {
    padding: 0 16px 8px;
  }
  input {
    inline-size: 100%;
    min-block-size: 44px;
    padding: 0 16px;
    border: 1px solid transparent;
    border-radius: 22px;
    background: var(--bg-chat);
    color: inherit;
    font: inherit;
  }
  input::placeholder {
    color: var(--text-2);
    opacity: 1;
  }
  .list {
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
    background: var(--bg-chat);
  }
  .middle {
    flex: 1;
    min-inline-size: 0;
    display: grid;
    gap: 2px;
  }
  .nick {
    font-weight: 600;
  }
  .nick,
  .preview {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .preview {
    color: var(--text-2);
    font-size: 0.875rem;
  }
  .preview svg {
    inline-size: 16px;
    block-size: 16px;
    vertical-align: -3px;
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
    gap: 4px;
    justify-items: end;
    align-self: start;
    padding-block-start: 8px;
  }
  time {
    font-size: 0.75rem;
    color: var(--text-2);
  }
  .badge {
    min-inline-size: 20px;
    padding: 0 6px;
    border-radius: 10px;
    font-size: 0.75rem;
    line-height: 20px;
    text-align: center;
    background: var(--accent);
    color: var(--on-accent);
  }
  .empty {
    padding: 32px 16px;
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
