import { main } from '../../src/main.ts';
import { injectedEffects } from './faulty-effects.ts';

// refit, with a worker that dies or fails where the matrix says.
await main(injectedEffects());
