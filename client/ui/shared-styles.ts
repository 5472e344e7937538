/** Rules that every element of the app needs inside its shadow root. */
import { css } from 'lit';

export const sharedStyles = css`
  * {
    box-sizing: border-box;
  }
  :host {
    display: block;
    min-width: 0;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  button,
  a {
    font: inherit;
    color: inherit;
    -webkit-tap-highlight-color: transparent;
  }
  button {
    cursor: pointer;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  /* Headings take the focus when a screen opens, so that it is read aloud; there is nothing to do with them. */
  h1:focus {
    outline: none;
  }
  @media (prefers-reduced-motion: reduce) {
    :host,
    *,
    ::before,
    ::after,
    ::backdrop {
      animation: none !important;
      transition: none !important;
    }
  }
  mark {
    color: var(--text);
    border-radius: 2px;
    background: var(--mark);
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .icon-button {
    inline-size: var(--target);
    block-size: var(--target);
    flex: none;
    display: grid;
    place-items: center;
    padding: 0;
    border: 0;
    border-radius: 50%;
    background: none;
  }
  .text-button:disabled {
    opacity: 0.5;
    cursor: default;
  }
  @media (hover: hover) {
    .icon-button:hover,
    .text-button:not(:disabled):hover {
      background: color-mix(in srgb, currentcolor 8%, transparent);
    }
  }
  .icon-button:active,
  .text-button:not(:disabled):active {
    background: color-mix(in srgb, currentcolor 14%, transparent);
  }
  .text-button {
    min-block-size: var(--target);
    padding: 0 var(--space-4);
    border: 0;
    border-radius: var(--radius-button);
    background: none;
    color: var(--accent);
    font-weight: 600;
  }
  svg {
    inline-size: 24px;
    block-size: 24px;
    fill: none;
    stroke: currentColor;
    stroke-width: 2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  /* An empty field is written like the page; dir=auto would take it for left to right. */
  :placeholder-shown {
    direction: inherit;
  }
  .mirrored:dir(rtl) {
    transform: scaleX(-1);
  }
`;
