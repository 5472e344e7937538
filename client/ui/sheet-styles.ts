/** The look of sheets: dialogs of the browser's own, at the bottom on a phone, in the middle elsewhere. */
import { css } from 'lit';

export const sheetStyles = css`
  dialog {
    inline-size: min(100%, 28rem);
    max-inline-size: 100%;
    max-block-size: 90dvh;
    margin: auto auto 0;
    padding: 24px 24px max(24px, env(safe-area-inset-bottom));
    border: 0;
    border-radius: var(--radius-sheet) var(--radius-sheet) 0 0;
    background: var(--surface);
    color: var(--text);
    overflow-wrap: anywhere;
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 50%);
  }
  h2 {
    margin: 0 0 16px;
    font-size: 1.125rem;
  }
  .row {
    display: flex;
    justify-content: space-between;
    gap: 8px;
    flex-wrap: wrap;
    margin-block-start: 16px;
  }
  .row .text-button {
    margin-inline: -8px;
    padding-inline: 8px;
  }
  .main-button {
    min-block-size: 48px;
    padding: 0 24px;
    border: 0;
    border-radius: var(--radius-button);
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
  }
  @media (min-width: 720px) {
    dialog {
      margin: auto;
      border-radius: var(--radius-sheet);
    }
  }
`;
