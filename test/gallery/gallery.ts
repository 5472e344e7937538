/** `npm run gallery`: every component in every state, for whoever changes how the app looks. PORT, or 8090. */
import { serveGallery } from './serve-gallery.ts';

const { url } = await serveGallery(Number(process.env['PORT'] || '8090'));
console.log(`The gallery is at ${url} (Ctrl-C ends it)`);
