/** The look of the list of devices. */
import { css } from 'lit';

export const devicesSheetStyles = css`
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  li {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-2);
    padding-block: var(--space-3);
    border-block-end: 1px solid var(--line);
  }
  p {
    margin: 0;
  }
  .name {
    font-weight: 600;
  }
  .note {
    font-size: var(--type-small);
    color: var(--text-2);
  }
  .note strong {
    color: var(--accent);
  }
  .text-button {
    margin-inline: calc(-1 * var(--space-2));
    padding-inline: var(--space-2);
  }
  .danger {
    color: var(--error);
  }
`;
