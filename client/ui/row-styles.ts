/** The look of lists whose rows are links: people, conversations, and what was found. */
import { css } from 'lit';

export const rowStyles = css`
  h2 {
    margin: 16px 16px 4px;
    font-size: 0.875rem;
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
    gap: 12px;
    min-block-size: 72px;
    padding: 8px 16px;
    text-decoration: none;
  }
  a:focus-visible {
    outline-offset: -2px;
  }
  @media (hover: hover) {
    a:hover {
      background: var(--bg-chat);
    }
  }
`;
