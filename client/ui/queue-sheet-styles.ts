/** The look of the list of what waits. */
import { css } from 'lit';

export const queueSheetStyles = css`
  ul {
    margin: 0 -24px;
    padding: 0 24px;
    list-style: none;
  }
  li {
    padding-block: 12px 4px;
    border-block-end: 1px solid var(--line);
  }
  li:last-child {
    border: 0;
  }
  h3 {
    margin: 16px 0 0;
    font-size: 0.875rem;
    color: var(--text-2);
  }
  p {
    margin: 0;
  }
  .why {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    margin-inline: -8px;
    padding-block: 4px;
    padding-inline: 16px 4px;
    border-radius: var(--radius-button);
    background: var(--warn-bg);
    color: var(--warn-fg);
  }
  .why span {
    display: block;
    font-size: 0.875rem;
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
    font-size: 0.875rem;
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
    font-size: 0.8125rem;
    color: var(--text-2);
  }
  .reason {
    color: var(--error);
  }
`;
