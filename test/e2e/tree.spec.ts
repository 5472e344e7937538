/**
 * The main screens as a screen reader has them: what there is, in which order, under which name. Of the gallery, so that
 * every time and text in them is known.
 */
import { expect, test } from 'playwright/test';
import { openState } from '../gallery/open-state.ts';
import { serveGallery, type Gallery } from '../gallery/serve-gallery.ts';

test.use({ viewport: { width: 360, height: 740 } });
let gallery: Gallery;

test.beforeAll(async () => {
  gallery = await serveGallery();
});
test.afterAll(() => gallery.close());

test('the list: each conversation is one link that says who, what, when, and what is new', async ({
  page,
}) => {
  await openState(page, gallery.url, 'people');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - heading "OpenTalk" [level=1]
    - button "Settings"
    - searchbox "Search people and messages"
    - list:
      - listitem:
        - link "tomás_99 ¿Hola? 2:08 PM 3 unread online"
      - listitem:
        - link "Jonas typing… 2:07 PM online"
      - listitem:
        - link /^Maximiliane.* 99\\+ unread$/
      - listitem:
        - link "أمل شكرًا! رقم هاتفي 555-0134 11:05 AM online"
      - listitem:
        - link "山田太郎 また明日。写真を送りますね。 Yesterday"
      - listitem:
        - 'link "Zoë Draft: Thank you! I will bring them Yesterday 1 unread"'
      - listitem:
        - 'link "Книжный.клуб Delivered You: Вторник, в семь Sunday"'
    - heading "People online" [level=2]
    - list:
      - listitem:
        - link "Henrik"
    - status
  `);
});

test('a conversation: its header, its messages with times and states, and where one writes', async ({
  page,
}) => {
  await openState(page, gallery.url, 'thread-unread');
  await expect(page.getByRole('main')).toMatchAriaSnapshot(`
    - button "Back"
    - heading "tomás_99" [level=1]
    - paragraph: online
    - button "About this conversation"
    - log "Messages with tomás_99":
      - paragraph: Yesterday
      - text: "You: ¿Nos vemos el domingo?"
      - time: 5:00 PM
      - text: Read
      - button "Message options"
      - text: "tomás_99: Claro"
      - time: 5:20 PM
      - button "Message options"
      - paragraph: Today
      - paragraph: New messages
      - text: "tomás_99: Se me olvidó: ¿a qué hora?"
      - time: 2:00 PM
      - button "Message options"
    - textbox "Message"
    - button "Send" [disabled]
  `);
});

test('a message that was refused says so, says why, and what can be done', async ({ page }) => {
  await openState(page, gallery.url, 'thread-failed');
  await expect(page.getByRole('log')).toMatchAriaSnapshot(`
    - text: "You: To whom it may concern"
    - time: 2:07 PM
    - text: Failed
    - button "Message options"
    - paragraph: Not sent. This nick belongs to another person now.
    - button "Retry"
    - button "Edit"
    - button "Delete"
  `);
});

test('the composer: with a draft in it, it can be sent', async ({ page }) => {
  await openState(page, gallery.url, 'composer-draft');
  await expect(page.locator('ot-composer')).toMatchAriaSnapshot(`
    - textbox "Message": I was just about to say
    - button "Send"
  `);
});

test('the settings: a dialog, every choice under its name', async ({ page }) => {
  await openState(page, gallery.url, 'settings-everything');
  await expect(page.getByRole('dialog')).toMatchAriaSnapshot(`
    - dialog "Settings":
      - heading "Settings" [level=2]
      - paragraph:
        - strong: Ann
      - heading "Appearance" [level=3]
      - combobox "Theme":
        - option "Like the system" [selected]
        - option "Light"
        - option "Dark"
      - combobox "Language":
        - option "As on this device" [selected]
        - option "English"
        - option "Deutsch"
      - heading "Messages" [level=3]
      - button "1 message waits, 1 was not sent"
      - region "Install the app":
        - button "Install app"
      - button "Sign out"
      - button "Close"
  `);
});

test('the queue: a dialog, every message with its recipient, its tries and what can be done with it', async ({
  page,
}) => {
  await openState(page, gallery.url, 'queue-tried');
  await expect(page.getByRole('dialog')).toMatchAriaSnapshot(`
    - dialog "Waiting to be sent":
      - heading "Waiting to be sent" [level=2]
      - paragraph:
        - strong: No network
        - text: next try in 24 s
      - button "Try now"
      - list:
        - listitem:
          - paragraph: To Henrik
          - paragraph: Is it still raining?
          - paragraph:
            - time: 12:00 PM
            - text: ", tried 4 times"
          - paragraph: May already have been sent. Deleting it only stops trying. If it was sent, it comes back.
          - button "Delete"
        - listitem:
          - paragraph: To Jonas
          - paragraph: We found the hut just before the rain.
          - paragraph:
            - time: 1:20 PM
            - text: ", not tried yet"
          - button "Edit"
          - button "Delete"
          - button "Move up" [disabled]
          - button "Move down"
      - button "Close"
  `);
});
