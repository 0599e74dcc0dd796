"""A member of staff who signs in: a specialist, an editor, a methodologist, an administrator.

Parents and relatives never have an account.
"""

from typing import Any

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Makes accounts named by their e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new account; a password of `None` means that nobody can sign in with one yet."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new administrator of the portal, who still sees no case."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A member of staff. The e-mail address is the name of the account."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail"), unique=True)
    patronymic = models.CharField(_("patronymic"), max_length=150, blank=True)
    post = models.CharField(_("post"), max_length=200, blank=True)
    work_phone = models.CharField(_("work phone"), max_length=40, blank=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    objects = UserManager()  # type: ignore[assignment,misc]

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("members of staff")

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        """Return «Surname First-name Patronymic», the order of Russian papers."""
        return " ".join(part for part in (self.last_name, self.first_name, self.patronymic) if part)

    def get_initials(self) -> str:
        """Return «Surname F. P.», the form used in lists; it never breaks across lines."""
        initials = [f"{part[0]}." for part in (self.first_name, self.patronymic) if part]
        return "\N{NO-BREAK SPACE}".join([self.last_name, *initials]).strip() or self.email
