/** The look of the composer. */
import { css } from 'lit';

export const composerStyles = css`
  :host {
    max-inline-size: 100%;
    background: var(--bg);
    border-block-start: 1px solid var(--line);
    padding-block-end: env(safe-area-inset-bottom);
  }
  form {
    position: relative;
    display: flex;
    align-items: flex-end;
    gap: 8px;
    padding: 6px 8px;
    max-inline-size: 62rem;
    margin-inline: auto;
  }
  textarea {
    flex: 1;
    min-inline-size: 0;
    min-block-size: 48px;
    max-block-size: calc(6 * 1.35rem + 26px);
    padding: 12px 16px;
    border: 1px solid var(--line);
    border-radius: 24px;
    background: var(--surface);
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
    inline-size: 48px;
    block-size: 48px;
    display: grid;
    place-items: center;
    border: 0;
    border-radius: 50%;
    background: var(--accent);
    color: var(--on-accent);
  }
  .send:disabled {
    background: var(--line);
    color: var(--text-2);
    cursor: default;
  }
  .problem {
    margin: 8px 16px 0;
    color: var(--error);
    font-size: 0.875rem;
  }
  .counter {
    position: absolute;
    inset-block-start: -10px;
    inset-inline-end: 72px;
    padding: 0 8px;
    border-radius: 8px;
    background: var(--surface);
    font-size: 0.75rem;
    color: var(--text-2);
  }
  .over {
    color: var(--error);
  }
`;
