import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readNick } from '../../server/protocol/nick.ts';
import { nickSkeleton } from '../../server/protocol/nick-skeleton.ts';

describe('a nick', () => {
  it('may be in any script', () => {
    for (const nick of ['ann', 'Zoë', 'نور', 'สมชาย', 'हिन्दी', '小林', 'a.b-c_d', '007']) {
      assert.deepEqual(readNick(nick), { ok: true, nick: nick.normalize('NFKC') });
    }
  });

  it('is trimmed and kept as typed otherwise', () => {
    assert.deepEqual(readNick('  AnnA '), { ok: true, nick: 'AnnA' });
  });

  it('is refused when it is empty, too long, or has no letter or digit', () => {
    assert.deepEqual(readNick('  '), { ok: false, why: 'empty' });
    assert.deepEqual(readNick('x'.repeat(33)), { ok: false, why: 'too-long' });
    assert.deepEqual(readNick('-._'), { ok: false, why: 'characters' });
    assert.equal(readNick('x'.repeat(32)).ok, true);
  });

  it('has no spaces, no bidi controls and nothing that cannot be seen', () => {
    for (const nick of ['a b', 'a\u202eb', 'a\u200bb', 'a\u2066b', 'a\u00adb', 'a/b', 'a<b>']) {
      assert.deepEqual(readNick(nick), { ok: false, why: 'characters' }, JSON.stringify(nick));
    }
  });

  it('is the same nick in another case and in look-alike letters', () => {
    const same = [
      ['Ann', 'aNN'],
      ['paypal', 'pаypаl'], // Cyrillic а
      ['Straße', 'STRASSE'],
      ['O0', 'oo'],
      ['modern', 'rnodern'],
      ['Ａｎｎ', 'ann'],
    ] as const;
    for (const [a, b] of same) assert.equal(nickSkeleton(a), nickSkeleton(b), `${a} and ${b}`);
    assert.notEqual(nickSkeleton('ann'), nickSkeleton('anna'));
  });
});
