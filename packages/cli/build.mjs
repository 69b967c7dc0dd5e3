// The script `build`: writes the package that is published into the folder `dist`.
import { buildProgram } from '@posthorn/publishing';

await buildProgram(import.meta.dirname);
