import { describe } from 'vitest';
import { wholeCallSuite } from './wholeCallSuite.ts';

describe('a whole call in the in-process room', () => wholeCallSuite(undefined));
