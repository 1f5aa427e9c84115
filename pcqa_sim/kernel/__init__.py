"""The only things that wait: a pool of people, and generators that go on when an event happens."""
