import { describe, expect, it, test } from 'vitest';
import { Conversation, called, spoken } from './conversation.ts';

const JOB = '0f8fad5b-d9cb-469f-a165-70867728950e';

describe('small facts, as a recogniser writes them', () => {
  test.each([
    ['What is the capital of France?', /Paris/],
    ["what's the capitol of italy", /Rome/],
    ['Uh, what is the capital city of Spain please', /Madrid/],
    ['Hello, tell me the capital of Japan.', /Tokyo/],
    ['Capital of Germany', /Berlin/],
    ['What is two plus two?', /^Two plus two is four\.$/],
    ['What is 2 + 2?', /is four\.$/],
    ['two plus to', /is four\.$/],
    ["What's ten times ten?", /^Ten times ten is one hundred\.$/],
    ['twenty-five minus 7', /is eighteen\.$/],
    ['a hundred and five divided by five', /is twenty-one\.$/],
    ['one divided by three', /is about zero point three three\.$/],
    ['what is two plus three times four', /is fourteen\.$/],
    ['What is 1,200 times 2?', /two thousand four hundred\.$/],
    ['ten divided by zero', /Nobody can divide by zero/],
    ['what is fifteen percent of two hundred', /is thirty\.$/],
    ['square root of 81', /is nine\.$/],
    ['Who wrote Hamlet?', /Shakespeare/],
    ['which is the largest planet', /Jupiter/],
    ["How many legs does a spider have? A spider's legs, I mean", /eight/],
    ['How many days are in a week?', /seven/],
    ['how many months in a year', /twelve/],
    ['What colour is the sky?', /blue/],
    ['What color is the sky', /blue/],
    ["What's the opposite of hot?", /cold/],
    ['What is the tallest mountain?', /Everest/],
    ['What day comes after Monday?', /^Tuesday/],
    ['which day is before monday', /^Sunday/],
    ['what month comes after December', /^January/],
    ['What can you do?', /business plan/],
    ['Who are you?', /assistant/],
    ['Can you hear me?', /Yes/],
    ['Hello!', /^Hello/],
    ['Thank you very much.', /welcome/],
    ['Goodbye!', /\bGoodbye\b/],
    ['okay thanks good bye', /\bGoodbye\b/],
    ['Bye-bye', /\bGoodbye\b/],
    ['Tell me a joke', /coffee/],
  ])('%s', (said, answer) => {
    const reply = new Conversation().say(said);
    expect(called(reply)).toBeUndefined();
    expect(spoken(reply)).toMatch(answer);
  });

  it('takes "what about" as the same question for another country', () => {
    const call = new Conversation();
    call.say('What is the capital of France?');
    expect(spoken(call.say('And what about Spain?'))).toMatch(/Madrid/);
    expect(spoken(call.say('What about lunch?'))).not.toMatch(/capital of/i);
  });

  it('admits what it does not know, in varied words and briefly', () => {
    const call = new Conversation();
    const answers = ['Explain quantum chromodynamics', 'Who won in 1987?', 'Why?'].map((said) =>
      spoken(call.say(said)),
    );
    expect(new Set(answers).size).toBe(3);
    for (const answer of answers) expect(answer.split(' ').length).toBeLessThan(25);
  });
});

describe('stopping and repeating', () => {
  test.each([
    'Stop.',
    'Wait',
    'hold on',
    'Okay, stop please',
    'Wait a second',
    'No, wait',
    'Hold on, I',
    'stop stop stop',
  ])('"%s" is acknowledged at once', (said) => {
    const reply = new Conversation().say(said);
    expect(spoken(reply)).toMatch(/^Okay/);
    expect(spoken(reply).split(' ').length).toBeLessThanOrEqual(5);
  });

  it('answers a question that follows "stop"', () => {
    expect(spoken(new Conversation().say('Stop. What is the capital of Spain?'))).toMatch(/Madrid/);
  });

  it('repeats its last answer', () => {
    const call = new Conversation();
    call.say('What is the capital of France?');
    expect(spoken(call.say('Sorry, can you repeat that?'))).toBe('The capital of France is Paris.');
    expect(spoken(new Conversation().say('Repeat that please'))).toMatch(/not said anything/);
  });

  test.each([
    ['Yes.', /What would you like/],
    ['No.', /anything else/],
    ['Mm-hmm.', /listening/],
    ['mhm', /listening/],
    ['Great!', /glad/],
  ])('"%s" with nothing asked gets a short answer', (said, answer) => {
    expect(spoken(new Conversation().say(said))).toMatch(answer);
  });
});

const NOTICE = `A background task finished: "report on bees" (job id ${JOB}).`;

describe('long talks', () => {
  test.each(['Tell me about the history of coffee.', 'Tell me a story', 'read me a story'])('%s', (said) => {
    const reply = new Conversation().say(said);
    expect(called(reply)).toBeUndefined();
    expect(spoken(reply).split(' ').length).toBeGreaterThan(80);
    expect(spoken(reply).match(/[.!?](\s|$)/g)?.length).toBeGreaterThanOrEqual(8);
  });

  it('goes on after an interruption with the sentence that was cut', () => {
    const call = new Conversation();
    call.say('Tell me about the history of coffee');
    call.heardOnly('Coffee has a long and colourful history. It most likely began in the');
    call.say('Stop');
    expect(spoken(call.say('Go on, please'))).toMatch(/^It most likely began in the highlands of Ethiopia/);
  });
});

describe('events', () => {
  it('answers what was still open when a notice came between', () => {
    const call = new Conversation();
    call.say('What is the capital of France?');
    call.messages.pop();
    call.note(NOTICE);
    call.messages.push({ role: 'assistant', content: [{ type: 'text', text: 'Your task is ready.' }] });
    expect(spoken(call.event('Go on: answer what is still open.'))).toMatch(/Paris/);
  });

  test.each([
    ['The caller joined the call.', /^Hello! How can I help/],
    [
      `The background task "report on bees" (job id ${JOB}) finished.`,
      /^Your task 'report on bees' is ready\. Would you like me to read the results\?$/,
    ],
    [
      `The background task "report on bees" failed.`,
      /^Sorry, your task 'report on bees' has failed\. Would you like me to try again\?$/,
    ],
    ['The caller has been silent for a while.', /still there/],
  ])('%s', (event, speech) => {
    expect(spoken(new Conversation().event(event))).toMatch(speech);
  });
});

it('takes what the caller said after a tool result as the thing to answer', () => {
  const call = new Conversation();
  call.say('Create a business plan for a coffee shop');
  call.messages.push({
    role: 'user',
    content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'Task submitted.' }],
  });
  expect(spoken(call.say('What is the capital of Japan?'))).toBe('The capital of Japan is Tokyo.');
});
