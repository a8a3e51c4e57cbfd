// @ts-check: 'not-a-document'
module.exports = {
  docs: {
    Basics: ['beta', {type: 'doc', id: 'named', label: 'The named one'}],
    'More of it': [
      /* 'alpha' */
      { type: 'category', label: "Deep", link: {type: 'doc', id: 'deep/first'}, collapsed: false,
        items: ['deep/second', { type: 'link', label: 'Out', href: 'https://example.org/alpha' }] },
      'alpha',
    ],
  },
};
