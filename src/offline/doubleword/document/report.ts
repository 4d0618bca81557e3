/** A general report in eight sections about `name`, for work that is not a business plan. */
export function report(name: string): string {
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  return `# ${title}

## Summary

This document gives an overview of ${name}: what it is about, what is known, which choices there are, and what to do next. It is meant to be read from beginning to end in five minutes, or section by section. The most important point comes first: the best results come from a clear goal, a small first step, and a fixed day on which the result is judged.

## Background

Interest in ${name} has grown for three reasons. It touches the daily life of many people; the means to deal with it have become cheaper and easier to use; and those who started early can now report what worked and what did not. At the same time much of what is written about it is either very general or very narrow. This document takes the middle way and names the points on which most experienced people agree.

Three terms are used throughout. The *goal* is what should be different at the end. The *means* are the time, money and people that can be used. The *measure* is the one number, or the one observation, that shows whether the goal has been reached.

## Main points

1. **Start from the goal.** A sentence that says what should be different is worth more than a list of activities. For ${name}, write it down before anything else and show it to one person who will disagree.
2. **Know the starting point.** Without a description of today, no later result can be judged. A single page is enough, and an afternoon is enough to write it.
3. **Choose the smallest useful step.** Large plans fail late and small ones fail early, which is cheaper. The first step should take less than two weeks.
4. **Involve those who are affected.** They know the exceptions, and the exceptions decide whether a solution is used.
5. **Write down decisions.** Most disagreements later on are about what had been agreed.

## Options

Broadly, there are three ways to go about ${name}.

- **The careful way** changes as little as possible, costs least and can be undone. It suits situations in which a mistake would be expensive or in which little is known.
- **The steady way** sets a goal for the next twelve months and improves one part each month. It needs patience and one person who is responsible for it throughout.
- **The bold way** replaces the present arrangement at once. It gives the largest gain when it succeeds and the largest loss when it does not; it should only be chosen when the present arrangement cannot go on anyway.

## Assessment

| Criterion | Careful | Steady | Bold |
|---|---|---|---|
| Cost at the beginning | low | medium | high |
| Time until a result | weeks | months | months |
| Risk | low | low | high |
| Largest possible gain | small | large | very large |

For most readers the steady way is the right one. It shows results early enough to keep everybody interested, and it leaves room to correct the course. The careful way is the better choice for the first month, as a preparation: it produces the description of the starting point that the steady way needs.

## Risks

The most common risk is loss of attention: after a good beginning, other things become more urgent. A fixed meeting of fifteen minutes a week is a simple and effective protection. The second risk is measuring the wrong thing; a measure that can be improved without coming closer to the goal will be. The third is dependence on one person, one supplier or one tool. For each of these there should be a second choice, known in advance, even if it is never used.

## Recommendations

Begin with the careful way and use it to learn. After four weeks, decide whether the steady way is worth its cost. Keep the circle of people small but mixed. Spend about a tenth of the whole effort on writing things down, because that is what makes the next decision about ${name} easier than this one. Do not buy anything in the first month.

## Next steps

1. Write the goal in one sentence, and name the measure.
2. Describe the starting point on one page.
3. Choose one step that can be finished within two weeks, and one person to do it.
4. Meet once a week for fifteen minutes to look at the measure.
5. After four weeks, compare the result with the goal and decide how to go on.
`;
}
