/** Mia, in English. */
import type { Voice } from './voice.ts';

export const english: Voice = {
  nick: 'Mia',
  language: 'English',
  hello: [
    'Hi {nick}! Nice to see a new face here 👋',
    'Hello {nick}, welcome! I am Mia. How did you find us?',
    'Hey {nick} 🙂 I saw you just arrived. Say hi when you have a minute.',
  ],
  answers: {
    greeting: ['Hey {nick}! How is your day going?', 'Hi there 🙂 Where are you right now?', 'Hello hello!'],
    question: [
      'Good question. I would say yes, but ask me again after coffee.',
      'Honestly? No idea. What do you think?',
      'Hmm, let me think about that… probably on Thursday.',
      'Depends. Do we still have time before the train leaves?',
    ],
    tunnel: [
      'That is the nice part: write on in the tunnel, it goes out by itself afterwards.',
      'I see you lost the network for a bit, and still everything came through, in order 😄',
      'No signal here either half of the way. I just write, and it arrives when it can.',
    ],
    thanks: ['You are welcome!', 'Any time 🙂', 'My pleasure.'],
    goodbye: ['See you soon, {nick}!', 'Bye! Write when you are there.', 'Take care 👋'],
    emoji: ['😂', '🎉🎉', 'Ha, exactly that.', '❤️'],
    long: [
      'Wow, {words} words! Give me a second to read all of it.\nOkay, I agree with most of it.',
      'That is a proper letter 😄 I like how you put it. Shall we talk about it tonight?',
    ],
    anything: [
      'I see what you mean.',
      'Really? Tell me more.',
      'Ha, that happened to me last week too.',
      'Sounds good to me.',
      'I was just thinking the same.',
      'Let us do that, then.',
      'Oh, I did not know that!',
    ],
  },
  musings: [
    'My train is seven minutes late. Again.',
    'Somebody on the platform is practising the trombone. Not badly, even.',
    'Do you know a good place for soup near the station?',
    'I just saw a dog wearing a raincoat. Best thing today ☔🐕',
    'Next stop is mine. I should stop looking at the phone and get my bag.',
  ],
  back: [
    'Sorry, I was in the lift and had no signal. Reading now…',
    'Back! Everything you wrote just arrived at once 📬',
  ],
};
