/** The sheets that can lie over the screen, by what they are about. */
import { html, type TemplateResult } from 'lit';
import type { Peer } from '../store/outbox.ts';
import type { Chat } from '../sync/chat.ts';
import './conversation-info.ts';
import './delete-account-sheet.ts';
import './devices-sheet.ts';
import type { MessageName } from './message-bubble.ts';
import './message-info.ts';
import './queue-sheet.ts';
import './report-sheet.ts';
import './settings-sheet.ts';
import './shortcuts-sheet.ts';

export type OpenSheet =
  | 'settings'
  | 'shortcuts'
  | 'queue'
  | 'devices'
  | 'delete-account'
  | { about: Peer }
  | { report: Peer }
  | MessageName;

export function drawSheet(sheet: OpenSheet, chat: Chat): TemplateResult {
  switch (sheet) {
    case 'settings':
      return html`<ot-settings .chat=${chat}></ot-settings>`;
    case 'shortcuts':
      return html`<ot-shortcuts></ot-shortcuts>`;
    case 'queue':
      return html`<ot-queue .chat=${chat}></ot-queue>`;
    case 'devices':
      return html`<ot-devices .chat=${chat}></ot-devices>`;
    case 'delete-account':
      return html`<ot-delete-account .chat=${chat}></ot-delete-account>`;
    default:
      if ('about' in sheet)
        return html`<ot-conversation-info .chat=${chat} .peer=${sheet.about}></ot-conversation-info>`;
      if ('report' in sheet) return html`<ot-report .chat=${chat} .peer=${sheet.report}></ot-report>`;
      return html`<ot-message-info
        .chat=${chat}
        fromId=${sheet.fromId}
        messageId=${sheet.id}
      ></ot-message-info>`;
  }
}
