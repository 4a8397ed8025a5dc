"""Every account has its own deadline: until now that of its round."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def of_the_round(apps, schema_editor):
    account = apps.get_model("accounts", "Account")
    due = apps.get_model("accounts", "Round").objects.filter(pk=models.OuterRef("round_id")).values("due_on")[:1]
    account.objects.update(due_on=models.Subquery(due))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_partial_return"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.AddField("account", "due_on", models.DateField(null=True)),
        migrations.RunPython(of_the_round, migrations.RunPython.noop),
        migrations.AlterField("account", "due_on", models.DateField()),
        migrations.CreateModel(
            name="Extension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.DateField()),
                ("until", models.DateField()),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("account", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="extensions", to="accounts.account")),
                ("by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("until__gt", models.F("before"))), name="an_extension_gives_more_time"),
                    models.CheckConstraint(condition=models.Q(("reason", ""), _negated=True), name="an_extension_has_a_reason"),
                ]
            },
        ),
    ]
