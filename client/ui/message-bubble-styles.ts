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
    padding-block-start: var(--space-2);
  }
  :host([own]) {
    align-items: flex-end;
  }
  /* Each paragraph begins where its own language does. */
  .bubble {
    position: relative;
    display: flow-root;
    unicode-bidi: plaintext;
    text-align: start;
    max-inline-size: min(78%, 32rem);
    padding: 6px var(--space-3);
    border-radius: var(--radius-bubble);
    background: var(--surface);
    box-shadow: var(--raised-1);
    overflow-wrap: anywhere;
  }
  :host([own]) .bubble {
    background: var(--out);
  }
  :host([first]) .bubble {
    border-start-start-radius: var(--radius-tail);
  }
  :host([own][first]) .bubble {
    border-start-start-radius: var(--radius-bubble);
    border-start-end-radius: var(--radius-tail);
  }
  .text {
    white-space: pre-wrap;
  }
  /* What is stacked stays within the bubble: else it covers what others wrote. */
  .stacked {
    display: block;
    overflow: clip;
  }
  /* Nothing but a few emoji is a picture, not a text. */
  .big {
    display: block;
    font-size: 2.5rem;
    line-height: 1.2;
  }
  .text a {
    color: var(--accent);
    text-underline-offset: 2px;
  }
  :host([own]) .text a {
    color: inherit;
  }
  /* In the last line of the text where there is room for it, else below. */
  .meta {
    float: right;
    float: inline-end;
    display: flex;
    align-items: center;
    gap: var(--space-1);
    block-size: 1.25rem;
    margin-inline-start: var(--space-2);
    margin-block-start: 2px;
    font-size: var(--type-tiny);
    font-variant-numeric: tabular-nums;
    color: var(--text-2);
  }
  :host([own]) .meta {
    color: var(--out-text-2);
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
    inline-size: var(--target);
    block-size: var(--target);
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
  }
  /* Not made before it is seen: it is a part of every message of a long thread. */
  .more:not(.waits) svg {
    display: none;
  }
  :host([own]) .more:not(.waits) {
    inset-inline: auto 100%;
  }
  .bubble:hover .more svg,
  .more:focus-visible svg {
    display: block;
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
    margin: var(--space-1) var(--space-2) 0;
    text-align: end;
    font-size: var(--type-small);
    color: var(--error);
  }
  .reason:empty {
    margin: 0;
  }
  ot-waiting-actions {
    max-inline-size: min(90%, 32rem);
    margin-inline: var(--space-3);
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
