import type { Handover } from '../conversation/handover.ts';
import type { ConversationOptions } from '../conversation/options.ts';
import type { LanguageModel } from '../llm/languageModel.ts';
import type { EchoGuard } from '../perception/echo/echoGuard.ts';
import type { Recogniser } from '../perception/recogniser.ts';
import type { SpeechDetector } from '../perception/speechDetector.ts';
import type { Room } from '../room/room.ts';
import type { SpeechToText } from '../stt/speechToText.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Clock } from '../time/clock.ts';
import type { ToolBox } from '../tools/toolBox.ts';
import type { SpeechCache } from '../tts/speechCache.ts';
import type { TextToSpeech } from '../tts/textToSpeech.ts';
import type { CallLimits } from './callLimits.ts';
import type { SessionObserver } from './sessionObserver.ts';
import type { TaskNews } from './taskNews.ts';

/** What a call is made of. */
export interface SessionParts {
  readonly room: Room;
  readonly stt: SpeechToText;
  readonly tts: TextToSpeech;
  /** Lines that this voice has spoken ahead, shared by the calls of the process; default: the call's own. */
  readonly prepared?: SpeechCache;
  readonly llm: LanguageModel;
  readonly detector: SpeechDetector;
  /** Hears the first words of overlaps and drafts, on this machine; undefined: none is wanted. */
  readonly recogniser: Recogniser | undefined;
  /** Tells our own voice, come back from a loudspeaker, from the caller's; undefined: only words tell. */
  readonly echo?: EchoGuard | undefined;
  readonly tools: ToolBox;
  readonly tasks: TaskNews;
  /** Whose the tasks of this call are; default: the participant's. `room`: the room's, where identities are random. */
  readonly taskOwner?: 'identity' | 'room';
  readonly system: string;
  readonly options: ConversationOptions;
  readonly clock: Clock;
  readonly log: Logger;
  readonly observers?: readonly SessionObserver[];
  /** Wait for somebody to come (back) before an empty room is left, ms. */
  readonly emptyRoomMs?: number;
  /** Default: none. */
  readonly limits?: CallLimits;
  /** A call that broke off elsewhere and goes on here. */
  readonly resumed?: Handover;
  /** Told whenever more of the call is worth keeping, for whoever may have to go on with it. */
  readonly onHandover?: (handover: Handover) => void;
}
