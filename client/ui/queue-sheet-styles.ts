/** The look of the list of what waits. */
import { css } from 'lit';

export const queueSheetStyles = css`
  ul {
    margin: 0 -24px;
    padding: 0 var(--space-6);
    list-style: none;
  }
  li {
    padding-block: var(--space-3) var(--space-1);
    border-block-end: 1px solid var(--line);
  }
  li:last-child {
    border: 0;
  }
  h3 {
    margin: var(--space-4) 0 0;
    font-size: var(--type-small);
    color: var(--text-2);
  }
  p {
    margin: 0;
  }
  /* The button goes below where large letters leave it no room beside the text. */
  .why {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-2);
    margin-inline: -8px;
    padding-block: var(--space-1);
    padding-inline: var(--space-4) var(--space-1);
    border-radius: var(--radius-button);
    background: var(--warn-bg);
    color: var(--warn-fg);
  }
  .why p {
    flex: 1 1 9rem;
  }
  .why span {
    display: block;
    font-size: var(--type-small);
    font-variant-numeric: tabular-nums;
  }
  .why span::first-letter {
    text-transform: uppercase;
  }
  .why button {
    flex: none;
    color: inherit;
    text-decoration: underline;
  }
  .to {
    font-size: var(--type-small);
    color: var(--text-2);
  }
  .to bdi {
    font-weight: 600;
    color: var(--text);
  }
  .text {
    display: -webkit-box;
    overflow: hidden;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    margin-block: 2px;
    white-space: pre-line;
  }
  .tries,
  .reason {
    font-size: var(--type-note);
    color: var(--text-2);
  }
  .reason {
    color: var(--error);
  }
`;
