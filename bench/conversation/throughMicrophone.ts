import type { AudioOutput } from '../../src/room/audioOutput.ts';
import type { Room } from '../../src/room/room.ts';

/** The same room, with another microphone in it. */
export function throughMicrophone(room: Room, output: AudioOutput): Room {
  return {
    name: room.name,
    identity: room.identity,
    get participants() {
      return room.participants;
    },
    output,
    on: (event, listener) => room.on(event, listener),
    publishState: (state) => room.publishState(state),
    publishTranscript: (update) => room.publishTranscript(update),
    sendChat: (text) => room.sendChat(text),
    leave: () => room.leave(),
  };
}
