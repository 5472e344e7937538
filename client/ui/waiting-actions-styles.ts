/** The look of what can be done with a message that waits. */
import { css } from 'lit';

export const waitingActionsStyles = css`
  .actions {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
  }
  .text-button {
    padding-inline: var(--space-3);
  }
  .text-button:first-child {
    margin-inline-start: -12px;
  }
  .delete {
    color: var(--error);
  }
  .up {
    margin-inline-start: auto;
  }
  .up svg {
    transform: scaleY(-1);
  }
  .up,
  .down {
    color: var(--accent);
  }
  :disabled {
    opacity: 0.35;
    cursor: default;
  }
  p {
    margin: var(--space-1) 0 0;
    font-size: var(--type-note);
    color: var(--text-2);
  }
  .problem {
    color: var(--error);
  }
  textarea {
    display: block;
    inline-size: 100%;
    margin-block-start: var(--space-2);
    padding: var(--space-2) var(--space-3);
    border: 1px solid var(--text-2);
    border-radius: var(--radius-button);
    background: var(--bg);
    color: inherit;
    font: inherit;
    resize: vertical;
  }
`;
