/** Lucía, in Spanish. */
import type { Voice } from './voice.ts';

export const spanish: Voice = {
  nick: 'Lucía',
  language: 'Spanish',
  hello: [
    '¡Hola, {nick}! Soy Lucía. ¿Qué tal todo por ahí?',
    '¡Bienvenida, bienvenido, {nick}! Escríbeme cuando quieras 😊',
  ],
  answers: {
    greeting: ['¡Hola, {nick}! ¿Cómo va el día?', '¡Buenas! ¿Dónde estás ahora?', '¡Hey! 👋'],
    question: [
      'Buena pregunta. Creo que sí, pero no pondría la mano en el fuego.',
      'Pues no lo sé. ¿Tú qué dices?',
      'Depende de la hora. Mañana te lo digo seguro.',
    ],
    tunnel: [
      'En el túnel tampoco tengo cobertura, pero lo que escribo sale solo después.',
      'Se cortó un momento, ¡y aun así llegó todo en orden!',
      'El ascensor de mi casa es igual: cero cobertura.',
    ],
    thanks: ['¡De nada!', 'Faltaba más 😊', 'A ti.'],
    goodbye: ['¡Hasta luego, {nick}!', '¡Nos vemos! Un abrazo.', 'Chao, ¡buen viaje!'],
    emoji: ['😂😂', '💃', '¡Justo eso!', '🥰'],
    long: [
      '¡Madre mía, {words} palabras! Lo leo con calma y te contesto bien.',
      'Qué bien lo cuentas. Me he reído con la parte del medio.',
    ],
    anything: [
      '¡Anda! No me digas.',
      'Claro, claro.',
      'Me parece perfecto.',
      'Eso mismo pensaba yo.',
      'Cuéntame más.',
      'Vale, hecho.',
    ],
  },
  musings: [
    'Hay un señor en el andén vendiendo abanicos. En noviembre.',
    'He encontrado una panadería con ensaimadas de verdad. Luego te paso la calle.',
    '¿Tú también oyes la música de la plaza? Creo que empieza el festival 🎶',
    'Hoy he contado siete túneles entre casa y el trabajo.',
  ],
  back: ['Ya estoy, salí del metro. Voy leyendo…', 'Perdona, me había quedado sin cobertura 🙈'],
};
