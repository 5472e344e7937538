/**
 * Where things stand: header, connection, the rest; one screen, or two side by side. The screens take their rows from
 * here (subgrid), so that the bar of the connection lies under the headers of both, however tall they are.
 */
import { css } from 'lit';

export const messengerStyles = css`
  :host {
    block-size: 100%;
    background: var(--bg);
  }
  main {
    block-size: 100%;
    display: grid;
    grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr);
  }
  .bars {
    grid-area: 2 / 1 / auto / -1;
    position: relative;
    z-index: 2;
  }
  ot-people-list,
  ot-conversation,
  .nobody {
    grid-area: 1 / 1 / -1 / auto;
    grid-template-rows: subgrid;
  }
  .nobody {
    display: none;
    place-content: center;
    gap: var(--space-4);
    margin: 0;
    padding: var(--space-6);
    text-align: center;
    color: var(--text-2);
    background: var(--bg-chat);
    overflow-wrap: anywhere;
  }
  .nobody img {
    margin: auto;
    opacity: 0.5;
  }
  .nobody a {
    display: grid;
    place-content: center;
    min-block-size: var(--target);
    color: var(--accent);
  }
  .in-chat .nobody {
    display: grid;
    grid-template-rows: none;
  }
  /* Hidden, not removed: it keeps its place for when one comes back. Until then nothing of its rows is laid out. */
  .in-chat ot-people-list {
    visibility: hidden;
    --rows: hidden;
  }
  @media (max-width: 719.9px) {
    .pushed ot-conversation,
    .popped ot-people-list {
      animation: push var(--push) var(--ease);
    }
  }
  @keyframes push {
    from {
      opacity: 0;
      transform: translateX(var(--from, 24px));
    }
  }
  /* What comes from the end of the line comes from the other side there. */
  ot-people-list,
  main:dir(rtl) ot-conversation {
    --from: -24px;
  }
  main:dir(rtl) ot-people-list {
    --from: 24px;
  }
  @media (min-width: 720px) {
    main {
      grid-template-columns: 320px minmax(0, 1fr);
    }
    .in-chat ot-people-list {
      visibility: visible;
      --rows: visible;
    }
    ot-people-list {
      border-inline-end: 1px solid var(--line);
    }
    ot-conversation,
    .nobody {
      grid-column: 2;
    }
    .nobody {
      display: grid;
      grid-template-rows: none;
    }
  }
  @media (min-width: 1100px) {
    main {
      grid-template-columns: 380px minmax(0, 1fr);
    }
  }
`;
