"""How the manager of a space decides, whether somebody looks at him or her as an agent or not."""

from typing import Any

from coworksim.model.mechanisms.management import Management, cost_of, rounded
from coworksim.model.state.world import Books, Decision, Outlook

#: Occupancy above which a price rises, and below which it falls.
RAISE_ABOVE, CUT_BELOW = 0.85, 0.40


class ManagementRules:
    """What a manager is asked every four weeks."""

    model: Any  # whatever has the phases of the week

    def decide(self, books: Books) -> Decision:
        """Decide for four weeks: close, or else set the price and the events, and invest a surplus.

        Args:
            books: What the manager sees; money in pence.

        Returns:
            Price, events, what to invest in, and whether to close.
        """
        if self.closes(books):
            return Decision(books.price, books.events, close=True)
        return Decision(self.new_price(books), self.new_events(books), self.investment(books))

    def closes(self, books: Books) -> bool:
        """Close when the owner lends no more: ``cash < -patience*weekly_cost``.

        Args:
            books: What the manager sees; money in pence.

        Returns:
            Whether the space closes.
        """
        return books.cash < -books.patience * books.weekly_cost

    def hosting(self, loss: int, cost: int) -> int:
        """Let the host of a space that has one cover a loss, up to three tenths of cost.

        Args:
            loss: What is lacking this week, pence.
            cost: Rent, staff and events of this week, pence.

        Returns:
            What the host pays, pence.
        """
        return min(loss, 3 * cost // 10)

    def founds(self, outlook: Outlook) -> bool:
        """Found a space where it is expected to break even: ``income*optimism > cost``.

        Args:
            outlook: What the founder expects; money in pence a week.

        Returns:
            Whether the space opens.
        """
        return outlook.income * outlook.optimism > outlook.cost

    def new_price(self, books: Books) -> int:
        """Raise the price of a full space, cut that of an empty one; stay within .6 and 1.5 of the list price.

        Args:
            books: What the manager sees; money in pence.

        Returns:
            Price of a hot desk, pence per month.
        """
        p = self.model.phase(Management).parameters
        price = books.price
        if books.occupancy > RAISE_ABOVE:
            price = rounded(price * (1.0 + p.price_step))
        elif books.occupancy < CUT_BELOW:
            price = rounded(price * (1.0 - p.price_step))
        return min(max(price, rounded(books.list_price * 0.6)), rounded(books.list_price * 1.5))

    def new_events(self, books: Books) -> float:
        """Hold more events in a space that could be fuller, fewer when money has run out; else return to the usual.

        Args:
            books: What the manager sees; money in pence.

        Returns:
            Mean number of events per week, from 0.
        """
        if books.cash < 0:
            return max(0.0, books.events - 0.1)
        if books.occupancy < 0.7 and books.cash > 0:
            return max(books.events, min(2.0, books.events + 0.1))
        if books.occupancy >= 0.7:
            usual = self.model.phase(Management).parameters.usual_events
            return float(min(books.events, max(usual, books.events - 0.1)))
        return books.events

    def investment(self, books: Books) -> str:
        """Invest what is over after keeping eight weeks' cost: desks first, then equipment, then training places.

        Args:
            books: What the manager sees; money in pence.

        Returns:
            One of ``desks``, ``equipment``, ``training``, or an empty text for nothing.
        """
        training = "training" if books.training_turned_away > 0 else ""
        wish = "desks" if books.turned_away > 0 else "equipment" if books.equipment_use > 0.9 else training
        if not wish:
            return ""
        cost = cost_of(wish, self.model.phase(Management).parameters)
        return wish if books.cash > 8 * books.weekly_cost + cost else ""
