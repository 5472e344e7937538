/** The look of the composer. */
import { css } from 'lit';

export const composerStyles = css`
  :host {
    max-inline-size: 100%;
    background: var(--bg-chat);
    padding-block-end: env(safe-area-inset-bottom);
  }
  form {
    position: relative;
    display: flex;
    align-items: flex-end;
    gap: var(--space-2);
    padding: 6px var(--space-2);
    max-inline-size: 62rem;
    margin-inline: auto;
  }
  textarea {
    flex: 1;
    min-inline-size: 0;
    min-block-size: var(--target-main);
    max-block-size: calc(6 * 1.35rem + 26px);
    padding: var(--space-3) var(--space-4);
    border: 1px solid transparent;
    border-radius: 24px;
    background: var(--surface);
    box-shadow: var(--raised-1);
    color: inherit;
    font: inherit;
    resize: none;
    overflow-y: auto;
  }
  textarea::placeholder {
    color: var(--text-2);
    opacity: 1;
  }
  .send {
    flex: none;
    inline-size: var(--target-main);
    block-size: var(--target-main);
    display: grid;
    place-items: center;
    border: 0;
    border-radius: 50%;
    background: var(--accent);
    color: var(--on-accent);
    box-shadow: var(--raised-1);
    transition: background-color var(--quick) var(--ease);
  }
  .send svg {
    fill: currentcolor;
    stroke-width: 1;
  }
  .send:not(:disabled):active {
    transform: scale(0.94);
  }
  .send:disabled {
    background: var(--line);
    color: var(--text-2);
    box-shadow: none;
    cursor: default;
  }
  .problem {
    margin: var(--space-2) var(--space-4) 0;
    color: var(--error);
    font-size: var(--type-small);
  }
  .counter {
    position: absolute;
    inset-block-start: -10px;
    inset-inline-end: 72px;
    padding: 0 var(--space-2);
    border-radius: 8px;
    background: var(--surface);
    font-size: var(--type-meta);
    color: var(--text-2);
  }
  .over {
    color: var(--error);
  }
`;
