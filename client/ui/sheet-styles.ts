/** The look of sheets: dialogs of the browser's own, at the bottom on a phone, in the middle elsewhere. */
import { css } from 'lit';

export const sheetStyles = css`
  dialog {
    inline-size: min(100%, 28rem);
    max-inline-size: 100%;
    max-block-size: 90dvh;
    margin: auto auto 0;
    padding: var(--space-6) var(--space-6) max(var(--space-6), env(safe-area-inset-bottom));
    border: 0;
    border-radius: var(--radius-sheet) var(--radius-sheet) 0 0;
    background: var(--surface);
    color: var(--text);
    box-shadow: var(--raised-3);
    overflow-wrap: anywhere;
    overscroll-behavior: contain;
    animation: rise var(--push) var(--ease);
  }
  dialog::backdrop {
    background: var(--shade);
    animation: fade var(--push) var(--ease);
  }
  @keyframes rise {
    from {
      opacity: 0;
      transform: translateY(24px);
    }
  }
  @keyframes fade {
    from {
      opacity: 0;
    }
  }
  h2 {
    margin: 0 0 var(--space-4);
    font-size: var(--type-title);
    line-height: 1.2;
  }
  h2:focus {
    outline: none;
  }
  .row {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-2);
    flex-wrap: wrap;
    margin-block-start: var(--space-4);
  }
  .row > :last-child {
    margin-inline-start: auto;
  }
  .row .text-button {
    margin-inline: -8px;
    padding-inline: var(--space-2);
  }
  .main-button {
    min-block-size: var(--target-main);
    padding: 0 var(--space-6);
    border: 0;
    border-radius: var(--radius-button);
    background: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
  }
  /* The grip says that it lies over the rest. */
  dialog::before {
    content: '';
    display: block;
    inline-size: 36px;
    block-size: 4px;
    margin: -12px auto var(--space-3);
    border-radius: var(--radius-round);
    background: var(--line);
  }
  @media (min-width: 720px) {
    dialog {
      margin: auto;
      border-radius: var(--radius-sheet);
    }
    dialog::before {
      display: none;
    }
  }
`;
