import { describe, expect, test } from 'vitest';
import { exitOf } from '../../src/errors.ts';
import { requireExecutable } from '../../src/release/executable.ts';
import { elf } from './elf.ts';
import { openWorkshop, refusalOf } from './workshop.ts';

describe('requireExecutable', () => {
  test.each([
    ['amd64', elf({ machine: 62 })],
    ['amd64', elf({ machine: 62, type: 3 })],
    ['arm64', elf({ machine: 183 })],
    ['arm64', Buffer.from('#!/usr/bin/env node\n')],
  ] as const)('takes for %s what runs there', async (arch, head) => {
    await using shop = await openWorkshop();
    await expect(requireExecutable(shop.host.files, await shop.put('server', head), arch)).resolves.toBeUndefined();
  });

  test.each([
    ['amd64', elf({ machine: 183 }), 'an arm64 ELF executable'],
    ['arm64', elf({ machine: 62 }), 'an amd64 ELF executable'],
    ['amd64', elf({ machine: 62, bits: 32 }), 'a 32-bit amd64 ELF executable'],
    ['amd64', elf({ machine: 62, type: 1 }), 'an amd64 ELF object'],
    ['amd64', Buffer.from('<html></html>'), 'an HTML page'],
    ['amd64', Buffer.from('\x7fELF'), 'unknown data'],
    ['amd64', Buffer.alloc(0), 'an empty file'],
  ] as const)('refuses for %s %s', async (arch, head, seen) => {
    await using shop = await openWorkshop();
    const path = await shop.put('server', head);
    const error = await refusalOf(() => requireExecutable(shop.host.files, path, arch));
    expect(error.code).toBe('E_ARCH_MISMATCH');
    expect(exitOf(error)).toBe(6);
    expect(error.message).toContain(`saw ${seen}`);
  });
});
