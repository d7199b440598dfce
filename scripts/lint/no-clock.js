// The rules take the time as a parameter. Formatting or parsing a given time is fine; asking for the present one is not.
const message = 'time is a parameter here: take `now` from the caller';

export const noClockRule = {
  create(context) {
    return {
      NewExpression(node) {
        if (node.callee.name === 'Date' && node.arguments.length === 0) context.report({ node, message });
      },
      // Date() called as a function ignores its arguments: it is always the present time.
      CallExpression(node) {
        if (node.callee.name === 'Date') context.report({ node, message });
      },
    };
  },
};
