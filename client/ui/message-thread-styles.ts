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
    padding: var(--space-2) var(--space-3);
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
    margin: var(--space-3) 0 var(--space-1);
    text-align: center;
    font-size: var(--type-meta);
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
    padding: var(--space-1) var(--space-3);
    border-radius: var(--radius-round);
    background: var(--surface);
    box-shadow: var(--raised-1);
  }
  .new span {
    color: var(--accent);
    font-weight: 600;
  }
  .new {
    margin-block: var(--space-3);
  }
  .older .text-button {
    display: block;
    margin: auto;
  }
  .empty {
    margin: auto;
    padding: var(--space-6);
    font-size: var(--type-body);
  }
  .jump {
    position: absolute;
    inset-block-end: 12px;
    inset-inline-end: 12px;
    inline-size: var(--target);
    block-size: var(--target);
    display: grid;
    place-items: center;
    border: 0;
    border-radius: 50%;
    background: var(--surface);
    color: var(--text-2);
    box-shadow: var(--raised-2);
    animation: appear var(--quick) var(--ease);
  }
  /* What comes in while one looks on. */
  .settled section:last-child ot-message:last-child {
    transition:
      opacity var(--quick) var(--ease),
      transform var(--quick) var(--ease);
    @starting-style {
      opacity: 0;
      transform: translateY(8px);
    }
  }
  @keyframes appear {
    from {
      opacity: 0;
      transform: scale(0.8);
    }
  }
  .count {
    position: absolute;
    inset-block-start: -8px;
    min-inline-size: 20px;
    padding: 0 6px;
    border-radius: var(--radius-round);
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    font-size: var(--type-meta);
    line-height: 20px;
    background: var(--accent);
    color: var(--on-accent);
  }
`;
