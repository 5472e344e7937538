/** A device says whose it is; what it says of another person than the one who is signed in by now is not taken. */
import { Refused } from './problem.ts';

export function refuseOtherPerson(person: { id: string }, as: string | undefined): void {
  if (as !== undefined && as !== person.id) {
    throw new Refused('other_person', 'Another person is signed in here.');
  }
}
