/** The look of one message. */
import { css } from 'lit';

export const messageBubbleStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    padding-block-start: 2px;
  }
  :host([first]) {
    padding-block-start: 8px;
  }
  :host([own]) {
    align-items: flex-end;
  }
  .bubble {
    position: relative;
    max-inline-size: min(78%, 32rem);
    padding: 8px 12px 6px;
    border-radius: var(--radius-bubble);
    background: var(--surface);
    overflow-wrap: anywhere;
  }
  :host([own]) .bubble {
    background: var(--out);
  }
  :host([first]) .bubble {
    border-start-start-radius: 4px;
  }
  :host([own][first]) .bubble {
    border-start-start-radius: var(--radius-bubble);
    border-start-end-radius: 4px;
  }
  .text {
    display: block;
    white-space: pre-wrap;
    text-align: start;
  }
  .meta {
    display: flex;
    align-items: center;
    justify-content: flex-end;
    gap: 4px;
    margin-block-start: 2px;
    font-size: 0.6875rem;
    color: var(--text-2);
  }
  .meta svg {
    display: block;
    inline-size: 16px;
    block-size: 16px;
  }
  .read svg {
    color: var(--accent);
  }
  .failed svg {
    color: var(--error);
  }
  /* A finger's 44 px, of which the bubble shows a third. */
  .more {
    display: grid;
    place-items: center;
    inline-size: 44px;
    block-size: 44px;
    margin-block: -14px;
    margin-inline: -10px -14px;
    padding: 0;
    border: 0;
    background: none;
  }
  .more svg {
    stroke-width: 4;
  }
  /* Beside the bubble, where it takes no room: seen with the mouse there, or by keyboard. */
  .more:not(.waits) {
    position: absolute;
    inset-block: 0;
    inset-inline-start: 100%;
    margin-block: auto;
    margin-inline: 0;
    opacity: 0;
  }
  :host([own]) .more:not(.waits) {
    inset-inline: auto 100%;
  }
  .bubble:hover .more,
  .more:focus-visible {
    opacity: 1;
  }
  /* The ring is as large as what is seen, not as the 44 px. */
  .more:focus-visible {
    outline: none;
  }
  .more:focus-visible svg {
    border-radius: 50%;
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .reason {
    max-inline-size: min(90%, 32rem);
    margin: 4px 8px 0;
    text-align: end;
    font-size: 0.875rem;
    color: var(--error);
  }
  ot-waiting-actions {
    max-inline-size: min(90%, 32rem);
    margin-inline: 12px;
  }
  ot-waiting-actions[editing] {
    inline-size: 90%;
  }
  /* There a long press asks for what can be done with it; the text can be copied there. */
  @media (hover: none) {
    .bubble {
      user-select: none;
      -webkit-user-select: none;
      -webkit-touch-callout: none;
    }
  }
`;
