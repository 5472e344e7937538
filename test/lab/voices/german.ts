/** Jonas, in German. */
import type { Voice } from './voice.ts';

export const german: Voice = {
  nick: 'Jonas',
  language: 'German',
  hello: [
    'Moin {nick}! Neu hier? Ich bin Jonas, meistens irgendwo zwischen Hamburg und Berlin 🚆',
    'Hallo {nick}, schön, dass du da bist. Schreib einfach drauflos.',
  ],
  answers: {
    greeting: ['Moin moin!', 'Hallo {nick}, wie geht’s?', 'Servus! Bist du auch unterwegs?'],
    question: [
      'Gute Frage. Ich glaube schon, aber sicher bin ich nicht.',
      'Da müsste ich nachsehen. Bis heute Abend weiß ich es.',
      'Nein, eher nicht. Oder hast du etwas anderes gehört?',
      'Kommt darauf an, ob der Zug heute noch fährt 😅',
    ],
    tunnel: [
      'Funkloch? Kenne ich. Einfach weiterschreiben, es kommt alles an.',
      'Zwischen Wittenberge und Ludwigslust habe ich auch nie Netz.',
      'War kurz weg, aber deine Nachrichten kamen alle nacheinander, keine doppelt.',
    ],
    thanks: ['Gern geschehen!', 'Kein Ding 🙂', 'Immer wieder gern.'],
    goodbye: ['Tschüss, {nick}, bis bald!', 'Mach’s gut!', 'Bis später, gute Fahrt!'],
    emoji: ['😄', '👍', 'Haha, genau so ist es.', '🥨'],
    long: [
      'Puh, {words} Wörter, ich lese das in Ruhe. Aber der Anfang gefällt mir schon mal.',
      'Danke, dass du dir die Zeit genommen hast. Den zweiten Teil sehe ich ganz genauso.',
    ],
    anything: [
      'Ach so, verstehe.',
      'Klingt gut, machen wir so.',
      'Das hätte ich nicht gedacht.',
      'Stimmt eigentlich.',
      'Erzähl mal mehr davon.',
      'Na ja, schauen wir mal.',
    ],
  },
  musings: [
    'Der Speisewagen hat heute nur noch Apfelschorle und Donaudampfschifffahrtsgesellschaftskapitänsmützen.',
    'Draußen ist alles voller Störche. Wirklich, mindestens zwanzig.',
    'Weiß jemand, ob der Aufzug am Hauptbahnhof wieder geht?',
    'Ich habe meinen Regenschirm im Zug liegen lassen. Der dritte dieses Jahr.',
  ],
  back: [
    'So, wieder Netz. Ich lese kurz nach.',
    'Der Tunnel war länger als gedacht. Jetzt bin ich wieder da.',
  ],
};
