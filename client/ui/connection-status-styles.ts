/** The look of the connection's bar. */
import { css } from 'lit';

export const connectionStatusStyles = css`
  :host {
    position: relative;
    z-index: 2;
  }
  .bar {
    position: relative;
    min-block-size: 32px;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: var(--space-2);
    margin: 0;
    padding: var(--space-1) var(--space-2);
    border: 0;
    background: var(--warn-bg);
    color: var(--warn-fg);
    font-size: var(--type-note);
    animation: appear var(--quick) var(--ease);
  }
  /* Over the whole bar and a little more: a finger needs 44 px, the bar is lower. */
  .over {
    position: absolute;
    inset: -6px 0;
    border: 0;
    background: none;
  }
  /* The count is a button of its own, on top of that one. */
  .count {
    position: relative;
    z-index: 1;
    padding: 0;
    border: 0;
    background: none;
    font-weight: 600;
    text-decoration: underline;
  }
  .count::before {
    content: '';
    position: absolute;
    inset: -14px -8px;
  }
  .over:focus-visible {
    outline-offset: -8px;
  }
  .good {
    background: var(--accent);
    color: var(--on-accent);
  }
  .progress {
    position: absolute;
    inset-inline: 0;
    block-size: 2px;
    background: var(--accent);
    animation: breathe 1s ease-in-out infinite alternate;
  }
  svg {
    inline-size: 20px;
    block-size: 20px;
    flex: none;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @keyframes breathe {
    from {
      opacity: 0.2;
    }
  }
`;
