/** The look of lists whose rows are links: people, conversations, and what was found. */
import { css } from 'lit';

export const rowStyles = css`
  h2 {
    margin: var(--space-4) var(--space-4) var(--space-1);
    font-size: var(--type-note);
    font-weight: 600;
    color: var(--text-2);
  }
  ul {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  a {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    min-block-size: 72px;
    padding: var(--space-2) var(--space-4);
    text-decoration: none;
  }
  a:active {
    background: var(--hover);
  }
  a:focus-visible {
    outline-offset: -2px;
  }
  .middle {
    flex: 1;
    min-inline-size: 0;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 2px;
  }
  /* A text in another direction than the page's begins where the page's do, and loses its own end. */
  .nick,
  .preview {
    display: flex;
    align-items: center;
    gap: 0.3em;
    white-space: nowrap;
  }
  .nick bdi,
  .preview bdi {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .nick {
    font-weight: 600;
  }
  .preview {
    color: var(--text-2);
    font-size: var(--type-small);
  }
  time {
    font-size: var(--type-meta);
    color: var(--text-2);
  }
  .note {
    margin: var(--space-2) var(--space-4);
    font-size: var(--type-small);
    color: var(--text-2);
  }
  @media (hover: hover) {
    a:hover {
      background: var(--hover);
    }
  }
`;
