/** The look of the settings. */
import { css } from 'lit';

export const settingsSheetStyles = css`
  .me {
    display: flex;
    align-items: center;
    gap: var(--space-3);
    margin: 0;
  }
  section {
    margin-block-start: var(--space-4);
    padding-block-start: var(--space-2);
    border-block-start: 1px solid var(--line);
  }
  h3 {
    margin: var(--space-1) 0;
    font-size: var(--type-note);
    color: var(--text-2);
  }
  .choice {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: var(--space-4);
    padding-block: var(--space-1);
  }
  select {
    min-inline-size: 0;
    max-inline-size: 70%;
    min-block-size: var(--target);
    padding: 0 var(--space-2);
    border: 1px solid var(--text-2);
    border-radius: var(--radius-button);
    background: var(--surface);
    color: inherit;
    font: inherit;
  }
  p {
    margin: var(--space-2) 0;
  }
  .small {
    font-size: var(--type-small);
    color: var(--text-2);
  }
  section .text-button {
    display: block;
    margin-inline: calc(-1 * var(--space-2));
    padding-inline: var(--space-2);
    text-align: start;
  }
  section a.text-button {
    display: flex;
    align-items: center;
    text-decoration: none;
  }
  .danger {
    color: var(--error);
  }
`;
