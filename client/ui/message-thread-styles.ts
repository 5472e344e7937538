/** The look of a thread. */
import { css } from 'lit';

export const messageThreadStyles = css`
  :host {
    position: relative;
    min-block-size: 0;
    background: var(--bg-chat);
  }
  .scroller {
    block-size: 100%;
    display: flex;
    flex-direction: column;
    overflow-y: auto;
    overscroll-behavior-y: contain;
    /* The browser would keep the place of what is above; here that of what is below is kept. */
    overflow-anchor: none;
    padding: 8px 12px;
  }
  .scroller:focus-visible {
    outline-offset: -2px;
  }
  /* As tall as its messages and no taller, so that its size tells when something came. */
  [role='log'] {
    flex: none;
    inline-size: 100%;
    max-inline-size: 60rem;
    margin: auto auto 0;
  }
  [role='log']:has(.empty) {
    margin-block: auto;
  }
  .day,
  .new,
  .older,
  .empty {
    margin: 12px 0 4px;
    text-align: center;
    font-size: 0.75rem;
    color: var(--text-2);
  }
  .day {
    position: sticky;
    inset-block-start: -4px;
    z-index: 1;
    pointer-events: none;
  }
  .day span,
  .new span {
    display: inline-block;
    padding: 4px 12px;
    border-radius: 12px;
    background: var(--surface);
  }
  .new span {
    color: var(--accent);
    font-weight: 600;
  }
  .new {
    margin-block: 12px;
  }
  .older .text-button {
    display: block;
    margin: auto;
  }
  .empty {
    margin: auto;
    padding: 24px;
    font-size: 1rem;
  }
  .jump {
    position: absolute;
    inset-block-end: 12px;
    inset-inline-end: 12px;
    inline-size: 44px;
    block-size: 44px;
    display: grid;
    place-items: center;
    border: 1px solid var(--line);
    border-radius: 50%;
    background: var(--surface);
  }
  .count {
    position: absolute;
    inset-block-start: -8px;
    min-inline-size: 20px;
    padding: 0 6px;
    border-radius: 10px;
    font-size: 0.75rem;
    line-height: 20px;
    background: var(--accent);
    color: var(--on-accent);
  }
`;
