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
  @media (hover: hover) {
    a:hover {
      background: var(--hover);
    }
  }
`;
