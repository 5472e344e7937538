/** The look of one message and its journey. */
import { css } from 'lit';

export const messageInfoStyles = css`
  .text {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 5;
    margin: 0 -8px var(--space-4);
    padding: var(--space-2) var(--space-3);
    border-radius: var(--radius-button);
    background: var(--bg-chat);
    white-space: pre-wrap;
  }
  ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    position: relative;
    display: grid;
    grid-template-columns: 20px 1fr auto;
    align-items: center;
    gap: var(--space-3);
    min-block-size: 32px;
    color: var(--text-2);
  }
  li.reached {
    color: inherit;
  }
  /* The way from one step to the next. */
  li + li::before {
    content: '';
    position: absolute;
    inset-inline-start: 9px;
    inset-block: -8px 24px;
    border-inline-start: 2px solid var(--line);
  }
  li svg,
  .ahead {
    inline-size: 20px;
    block-size: 20px;
    padding: 3px;
    border: 2px solid var(--line);
    border-radius: 50%;
  }
  li svg {
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
    stroke-width: 4;
  }
  time {
    font-variant-numeric: tabular-nums;
  }
  time,
  .note {
    font-size: var(--type-small);
    color: var(--text-2);
  }
  .reason {
    margin-block-end: 0;
    color: var(--error);
  }
  ot-waiting-actions {
    margin-block-start: var(--space-3);
  }
  .all {
    margin-inline-start: -8px;
    padding-inline: var(--space-2);
  }
`;
