/** Questions to Temporal that are asked at once: a rollout may have hundreds of regions, a page a hundred schedules. */
const atOnce = 10;

/** What `ask` answers for each item, in their order. */
export async function someAtOnce<Item, Answer>(items: readonly Item[], ask: (item: Item) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  const left = items.entries();
  const askOnes = async (): Promise<void> => {
    for (const [index, item] of left) answers[index] = await ask(item);
  };
  await Promise.all(Array.from({ length: atOnce }, askOnes));
  return answers;
}
